"""The row is the queue: a promise that must survive a crash is a leased row; Redis only carries hints."""
