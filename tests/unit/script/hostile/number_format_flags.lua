-- ends: failed
-- more flags than there are
function f() return string.format('%-+ #0-+ #0d', 1) end
