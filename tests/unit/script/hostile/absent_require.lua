-- ends: refused
-- not in the language
function f() return require('os') end
