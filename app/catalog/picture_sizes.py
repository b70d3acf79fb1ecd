"""The sizes in which suppliers' pictures are kept. No imports: the process that makes them reads this, too."""

WIDTHS = (160, 320, 640, 1280)  # of the longer side: pages show pictures in a square
