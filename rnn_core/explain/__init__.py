"""Why a number is what it is: the sum behind it, what of the first input is left, what can be guessed beforehand."""
