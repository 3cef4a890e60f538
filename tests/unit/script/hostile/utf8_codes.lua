-- ends: overran
-- character by character
function f() local s = ('\u{20AC}'):rep(20000) while true do for _, c in utf8.codes(s) do end end end
