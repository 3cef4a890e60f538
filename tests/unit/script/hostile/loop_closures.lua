-- ends: overran|exhausted
-- a function made in each turn
function f() local g while true do g = function() return g end end end
