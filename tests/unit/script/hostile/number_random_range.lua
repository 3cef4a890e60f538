-- ends: done
-- all integers there are
function f() return random(math.mininteger, math.maxinteger) ~= nil end
