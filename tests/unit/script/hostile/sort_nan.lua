-- ends: done
-- numbers that are not
function f() local t = {} for i = 1, 500 do t[i] = i % 3 == 0 and 0 / 0 or i end table.sort(t) return #t end
