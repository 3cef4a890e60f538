-- ends: overran
-- as far as integers go
function f() for i = math.mininteger, math.maxinteger do end end
