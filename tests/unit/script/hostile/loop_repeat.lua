-- ends: overran
-- work in the loop
function f() local n = 0 repeat n = n + 1 until n < 0 end
