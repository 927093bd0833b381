"""The address /report on a server that has just started: see explorer/ui/cold_start.py."""

from explorer.ui.cold_start import run_app

run_app()
