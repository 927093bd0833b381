"""The session's state: the modules that read and write it. Pages read, and call setters.

spaces         which spaces this visitor can open
current        what is looked at: the view, and the space that its filters leave
opening        another space is looked at, added, closed
shown_maps     the map that is shown, and those side by side
colouring      what items are coloured by, columns made here among it
picked         the focus, the items looked at before it, the pins
narrowing      filters and the selection, with undo
zoom           where the visitor zoomed to
search         what stands in the search box
presentation   whether all is drawn larger
messages       what to tell the visitor once
address_bar    the view, the parameters of a page, and the address bar

A view is what a link can carry (see view.py and links.py). Everything is checked when it is set,
so that a page never meets a focus or a column that its space does not have.
"""
