-- ends: failed
-- a capture that does not end
function f() return ('a'):match('(a') end
