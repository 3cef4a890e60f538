-- ends: done
-- a numeral as long as a text
function f() return tostring(tonumber(('1'):rep(60000))) .. tostring(tonumber(('z'):rep(60000), 36)) end
