-- ends: failed
-- %b without what to balance
function f() return ('a'):find('%b') end
