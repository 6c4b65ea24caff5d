/** The states of the European Economic Area, ISO 3166-1 alpha-2. */
export const EEA_COUNTRIES: readonly string[] =
  "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IS IT LI LV LT LU MT NL NO PL PT RO SK SI ES SE".split(
    " ",
  );
