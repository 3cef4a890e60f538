-- ends: overran
-- through two functions of the file
function a(n) return b(n) end
function b(n) return a(n) end
function f() return a(1) end
