"""The page of an official document: A4 with the margins of NĐ 30/2020, Phụ lục I."""

INCH, POINTS = 25.4, 72  # mm and points in an inch
LEFT_MM, RIGHT_MM, TOP_MM = 30, 15, 20  # the bottom margin is like the top one
PORTRAIT_MM, LANDSCAPE_MM = 210.0 - LEFT_MM - RIGHT_MM, 297.0 - LEFT_MM - RIGHT_MM  # between the margins
WIDTH_POINTS = LANDSCAPE_MM / INCH * POINTS  # of a page on its side, between the margins
HEIGHT_POINTS = (210 - 2 * TOP_MM) / INCH * POINTS
