-- ends: failed
-- leaves in the middle
function f() return ('abc'):gsub('.', function() error('out') end) end
