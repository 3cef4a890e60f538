
�-- Each member of the buying committee is recognised, and finds what answers them.

test "the head of maintenance gets her figures for the boss" {
  given = { stage = "decision", traits = { job_title = "Jefa de mantenimiento" } },
  at = "resources",
  expect = { offer = "figures-for-your-boss" },
}

test "the plant manager gets the case on one page" {
  given = { stage = "decision", traits = { job_title = "Plant Manager" } },
  at = "hero",
  expect = { offer = "one-page-case" },
}

test "the plant manager's summary has no jargon" {
  given = { stage = "consideration", traits = { role = "plant" } },
  at = "hero",
  expect = { offer = "maintenance-for-those-who-sign" },
}

test "IT gets the security pack before asking for it" {
  given = { stage = "decision", traits = { role = "it" } },
  at = "hero",
  expect = { offer = "security-pack" },
}

test "a stranger reading the security page is taken for IT" {
  given = { stage = "decision", context = { section = "security" } },
  at = "resources",
  expect = { offer = "security-pack" },
}

test "a finance director reading the security page is still finance" {
  given = { stage = "decision", traits = { role = "finance" }, context = { section = "security" } },
  at = "hero",
  expect = { offer = "one-page-case", not_offer = "security-pack" },
}

test "finance works out three years with its own assumptions" {
  given = { stage = "consideration", traits = { job_title = "Directora financiera" } },
  at = "pricing",
  expect = { offer = "three-year-cost" },
}

test "purchasing finds one person for contract and annexes" {
  given = { journey = "buying-process", stage = "purchasing", traits = { role = "procurement" } },
  at = "hero",
  expect = { offer = "contract-desk" },
}

test "the technician tries it on the phone, gloves and all" {
  given = { stage = "decision", traits = { job_title = "Técnico electromecánico" } },
  at = "hero",
  expect = { offer = "demo-on-the-phone" },
}

test "the technician learns to dictate the handover" {
  given = { journey = "buying-process", stage = "satisfaction", persona = "technician", context = { days_as_customer = 130 } },
  at = "in_app",
  expect = { offer = "tutorial-dictate" },
}

test "IT connects the company's accounts first" {
  given = { journey = "buying-process", stage = "satisfaction", persona = "it-manager" },
  at = "resources",
  expect = { offer = "tutorial-sign-in" },
}

test "nobody else sees what was written for IT" {
  given = { stage = "decision", persona = "maintenance-manager" },
  at = "resources",
  expect = { not_offer = "security-pack", kind = "business_case" },
}

test "a persona that was set wins over the guess" {
  given = { stage = "decision", persona = "it-manager", traits = { role = "finance" } },
  at = "hero",
  expect = { offer = "security-pack" },
}
