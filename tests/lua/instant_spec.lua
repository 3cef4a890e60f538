-- Specs of scripts/lib/instant.lua.
local support = require "support"
local instant = require "senda.instant"

describe("instant", function()
  it("reads days and moments", function()
    assert.same({ year = 2026, month = 11, day = 1 }, instant.parse("2026-11-01"))
    assert.same({ year = 2026, month = 11, day = 1, hour = 9, minute = 30 }, instant.parse("2026-11-01 09:30"))
  end)

  it("tells days that do not exist from what is no day", function()
    assert.same({ nil, "there is no such day: 2026-02 has 28 days" }, { instant.parse("2026-02-29") })
    assert.truthy(instant.parse("2028-02-29"))
    assert.same({ nil, "there is no month 13" }, { instant.parse("2026-13-01") })
    assert.same({ nil, "there is no such time of day" }, { instant.parse("2026-11-01 24:00") })
    for _, value in ipairs { "", "tomorrow", "2026-1-1", "2026-11-01T09:30", "2026-11-01 9:30", 20261101, {} } do
      local moment, why = instant.parse(value)
      assert.is_nil(moment)
      assert.is_nil(why)
    end
  end)

  it("goes on to the next day over months and years", function()
    assert.same({ year = 2028, month = 2, day = 29 }, instant.next_day(instant.parse("2028-02-28")))
    assert.same({ year = 2027, month = 1, day = 1 }, instant.next_day(instant.parse("2026-12-31")))
  end)

  it("asks the host for seconds", function()
    local host = support.host({})
    assert.equal(0, instant.seconds(host, "UTC", { year = 1970, month = 1, day = 1 }))
    assert.equal(1793527200, instant.seconds(host, "Europe/Madrid", instant.parse("2026-11-01 11:00")))
  end)

  it("guesses what was meant", function()
    assert.equal("2026-11-01", instant.guess("1/11/2026"))
    assert.equal("2026-11-01", instant.guess("2026/11/1"))
    assert.equal("2026-11-01 09:30", instant.guess("2026-11-01T09:30:00Z"))
    assert.is_nil(instant.guess("31/31/2026"))
    assert.is_nil(instant.guess("soon"))
  end)

  it("guesses both days that a date may mean, short years, months by name, and a spreadsheet's count", function()
    assert.same({ "2026-04-03", "2026-03-04" }, { instant.guess "03/04/2026" })
    assert.same({ "2026-04-03", "2026-03-04" }, { instant.guess "3/4/26" })
    assert.same({ "2026-12-31" }, { instant.guess "12/31/2026" })
    assert.same({ "2026-04-04" }, { instant.guess "4/4/2026" })
    assert.same({ "2026-09-01" }, { instant.guess "01-sep-26" })
    assert.same({ "2026-01-07" }, { instant.guess "7 ene. 2026" })
    assert.same({ "2026-09-01" }, { instant.guess "46266" })
    assert.same({ "2000-02-29" }, { instant.guess "36585" })
    for _, written in ipairs { "1/2", "1/2/126", "12345", "99999", "1-foo-26" } do assert.is_nil((instant.guess(written)), written) end
  end)
end)
