-- ends: overran|exhausted
-- leaves in the middle, again and again
function f() while true do pcall(string.gsub, ('a'):rep(60000), 'a$', function() error('out', 0) end) end end
