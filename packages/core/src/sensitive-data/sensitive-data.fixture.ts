import fc from "fast-check";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Valid resident IDs, made up. */
export const residentIds: fc.Arbitrary<string> = fc
  .record({
    region: fc.constantFrom("110105", "310104", "440305", "650102", "820000"),
    date: fc.date({
      min: new Date("1920-01-01"),
      max: new Date("2025-12-31"),
      noInvalidDate: true,
    }),
    order: fc.nat(999),
  })
  .map(({ region, date, order }) => {
    const body =
      region + date.toISOString().slice(0, 10).replaceAll("-", "") + String(order).padStart(3, "0");
    const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(body[i]), 0);
    return body + "10X98765432"[sum % 11]!;
  });

/** Valid card numbers, made up. */
export const bankCards: fc.Arbitrary<string> = fc
  .record({
    start: fc.constantFrom(
      { prefix: "62", length: 19 },
      { prefix: "62", length: 16 },
      { prefix: "4", length: 16 },
      { prefix: "51", length: 16 },
      { prefix: "37", length: 15 },
    ),
    digits: fc.array(fc.nat(9), { minLength: 19, maxLength: 19 }),
  })
  .map(({ start: { prefix, length }, digits }) => {
    const body = (prefix + digits.join("")).slice(0, length - 1);
    const sum = [...body].toReversed().reduce((total, char, i) => {
      const doubled = i % 2 === 0 ? Number(char) * 2 : Number(char);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
    return body + String((10 - (sum % 10)) % 10);
  });

export const fullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
