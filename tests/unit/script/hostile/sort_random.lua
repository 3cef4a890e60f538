-- ends: done
-- as it comes
function f() local t = {} for i = 1, 1000 do t[i] = i end table.sort(t, function() return random() < 0.5 end) return #t end
