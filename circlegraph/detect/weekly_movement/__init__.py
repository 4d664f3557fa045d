"""Movement: how far each subscriber's week departs from his own past."""
