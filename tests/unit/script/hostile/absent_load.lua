-- ends: refused
-- not in the language
function f() return load('return 1') end
