-- ends: failed
-- no UTF-8
function f() for _ in utf8.codes('\xC3\x28') do end end
