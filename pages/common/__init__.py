"""What pages share: the frame, the language, checked links, the transport and the pictures' element."""

import os

# Products as small as a cell's gain nothing from a second thread; on a busy machine the threads mostly wait for each
# other, and a pass that takes 20 ms takes 400. NumPy reads this once, when it is first imported: by a page, later.
for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_variable, "1")
