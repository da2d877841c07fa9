"""What every screen has around it and in common: page, frame, banner, the page of one message. Knows no journey."""
