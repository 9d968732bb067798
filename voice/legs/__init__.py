"""The lines that a call can come in by, all behind one protocol: `voice.legs.leg.CallLeg`."""
