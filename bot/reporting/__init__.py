"""Reports: the monthly figures of handling units, hot topics and places; as Excel and PDF."""
