-- ends: refused
-- a counter made by a function
local function counter() local n = 0 return function() n = n + 1 return n end end
f = counter()
