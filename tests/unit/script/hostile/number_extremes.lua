-- ends: done
-- the edges of integers
function f() return tostring(math.mininteger // -1) .. tostring(math.fmod(math.mininteger, -1)) .. tostring(math.abs(math.mininteger)) end
