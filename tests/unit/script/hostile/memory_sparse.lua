-- ends: exhausted|overran|done
-- keys far apart
function f() local t = {} for i = 0, 62 do t[1 << i] = i end return #t end
