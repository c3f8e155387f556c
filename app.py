"""Starts the SayFuse page: `python app.py`, and the entry point of a Hugging Face Space."""

from app.ui.launch import main

if __name__ == "__main__":
    main()
