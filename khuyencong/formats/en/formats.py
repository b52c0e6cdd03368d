"""The English interface shows the same Vietnamese dates and numbers: the files beside it do, too."""

from khuyencong.formats.vi.formats import *  # noqa: F403
