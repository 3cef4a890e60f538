-- ends: failed
-- not in the language
function f() return math.randomseed(1) end
