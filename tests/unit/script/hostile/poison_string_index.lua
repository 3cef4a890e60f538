-- ends: failed
-- through a text
function f() ('x').len = 1 end
