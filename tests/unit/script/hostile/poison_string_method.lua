-- ends: failed
-- a method for everybody
function f() string.len = function() return 0 end end
