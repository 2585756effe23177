"""Supply that is due: announced, sent on its way, received, cancelled."""
