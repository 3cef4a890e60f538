-- ends: overran
-- a long text that is no pattern
function f() local s = ("a"):rep(65536) s = s .. s .. s while true do s:find(s) end end
