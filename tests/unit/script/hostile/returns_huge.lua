-- ends: done
-- a large table
function f() local t = {} for i = 1, 16000 do t[i] = i end return t end
