-- ends: failed
-- a table as replacement
function f() return ('abc'):gsub('.', function() return {} end) end
