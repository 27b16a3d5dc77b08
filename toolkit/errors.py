"""Every error samestory raises on purpose.

SamestoryError
├── ConfigError     an option or config file is wrong
├── SourceError     an article could not be read
├── LanguageError   an article is in a language the analysis does not know
├── StoryError      the articles given do not make a story to compare
├── ModelError      a model could not be loaded
├── ResultError     a saved comparison could not be read back
├── CodingError     a coder's sheet could not be read back
└── OutputError     a report could not be written

Each message says what was got, what was expected and what to do. The command line prints it in a line or two and
exits with 2; there is never a traceback for one of these.
"""


class SamestoryError(Exception):
    """Base of every error the toolkit raises on purpose."""


class ConfigError(SamestoryError):
    """An option or a config file is wrong; the message names the file, the dotted key and the choices."""


class SourceError(SamestoryError):
    """An article could not be read from its file, table or address."""


class LanguageError(SamestoryError):
    """An article is in a language that the analysis was not made for."""


class StoryError(SamestoryError):
    """The articles given do not make a story that can be compared."""


class ModelError(SamestoryError):
    """A model could not be found or loaded."""


class ResultError(SamestoryError):
    """A saved comparison could not be read back."""


class CodingError(SamestoryError):
    """A coder's sheet could not be read back, or is not one of this comparison."""


class OutputError(SamestoryError):
    """A report could not be written where it was asked for."""
