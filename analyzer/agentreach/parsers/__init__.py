"""One package per format; each exports `load`."""
