-- ends: overran
-- captures in captures
function f() local s = ('ab'):rep(3000) return s:find('(.-)(.-)%1%2(.-)%3c') end
