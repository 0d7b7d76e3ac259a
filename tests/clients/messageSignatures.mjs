// Verifies message signatures (RFC 9421) with http-message-signatures and with http-message-sig.
//   node messageSignatures.mjs LIBRARY < [ { method, url, headers: [[name, value]], algorithm, key } ]
// Writes { verified, refused, problems }: how many requests it takes, and how many of the same with one header or the path changed it refuses.
import { readFileSync } from "node:fs";
import { constants, createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { createVerifier, httpbis } from "http-message-signatures";
import { verifySignature } from "http-message-sig";

const [library] = process.argv.slice(2);
const requests = JSON.parse(readFileSync(0, "utf8"));

/** Node's own cryptography by the names of RFC 9421. */
const checks = {
  "ecdsa-p256-sha256": (key, data, signature) => verify("sha256", data, { key, dsaEncoding: "ieee-p1363" }, signature),
  "ecdsa-p384-sha384": (key, data, signature) => verify("sha384", data, { key, dsaEncoding: "ieee-p1363" }, signature),
  ed25519: (key, data, signature) => verify(null, data, key, signature),
  "rsa-pss-sha512": (key, data, signature) =>
    verify("sha512", data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 }, signature),
  "rsa-v1_5-sha256": (key, data, signature) => verify("sha256", data, { key, padding: constants.RSA_PKCS1_PADDING }, signature),
};
const keys = new Map();
const publicKey = (pem) => keys.get(pem) ?? keys.set(pem, createPublicKey(pem)).get(pem);

const libraries = {
  "http-message-signatures": async ({ method, url, headers, algorithm, key }) => {
    const named = {};
    for (const [given, value] of headers) {
      const name = given.toLowerCase();
      named[name] = name in named ? [named[name], value].flat() : value;
    }
    return (
      (await httpbis.verifyMessage(
        {
          requiredParams: ["created", "expires", "nonce", "keyid", "alg"],
          keyLookup: async ({ keyid }) => ({
            id: keyid,
            algs: [algorithm],
            verify: createVerifier(algorithm === "hmac-sha256" ? Buffer.from(key) : publicKey(key), algorithm),
          }),
        },
        { method, url, headers: named },
      )) === true
    );
  },
  "http-message-sig": async ({ method, url, headers, algorithm, key }) => {
    await verifySignature(
      { kind: "request", method, targetUri: url, fields: headers.map(([name, value]) => ({ name, value })) },
      {
        policy: { algorithms: [algorithm], requiredComponents: [], requiredParameters: ["created", "expires", "nonce", "keyid", "alg"] },
        resolveVerifier: () => ({
          algorithm,
          verify: (data, signature) => {
            if (algorithm !== "hmac-sha256") return checks[algorithm](publicKey(key), data, signature);
            const expected = createHmac("sha256", key).update(data).digest();
            return signature.length === expected.length && timingSafeEqual(expected, signature);
          },
        }),
      },
    );
    return true;
  },
};

const accepts = async (request) => {
  try {
    return (await libraries[library](request)) || "refused";
  } catch (error) {
    return `${error.code ?? error.name}: ${error.message}`;
  }
};

let verified = 0;
let refused = 0;
const problems = [];
for (const request of requests) {
  const answer = await accepts(request);
  if (answer === true) verified++;
  else problems.push({ answer, request });
  // What every one of them covers: the method, and a header.
  const forged = [
    { ...request, method: request.method === "PUT" ? "POST" : "PUT" },
    { ...request, headers: request.headers.map(([name, value]) => [name, name === "x-covered" ? `${value}.` : value]) },
  ];
  if ((await Promise.all(forged.map(accepts))).every((outcome) => outcome !== true)) refused++;
  else problems.push({ answer: "a forged one was taken", request });
}
process.stdout.write(JSON.stringify({ verified, refused, problems: problems.slice(0, 3) }));
