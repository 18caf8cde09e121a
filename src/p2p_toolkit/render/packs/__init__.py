"""What goes before a board: a paper in chapters, and its looks."""
