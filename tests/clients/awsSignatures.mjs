// Computes AWS signatures (Signature Version 4) of requests with aws4 or with @smithy/signature-v4.
//   node awsSignatures.mjs LIBRARY < { key: { id, secret, token }, requests: [ request ] }
// where a request is { method, url, headers: [[name, value]], body, region, service, authorization }.
// Writes { same, problems }: of how many requests the library comes to the same authorization.
import { readFileSync } from "node:fs";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import aws4 from "aws4";

const [library] = process.argv.slice(2);
const { key, requests } = JSON.parse(readFileSync(0, "utf8"));

const split = (url) => /^(https?):\/\/([^/?]+)([^?]*)(?:\?(.*))?$/.exec(url).slice(1);

const libraries = {
  aws4: ({ method, url, headers, body, region, service }) => {
    const [, host, path, query] = split(url);
    const named = Object.fromEntries(headers);
    const signer = new aws4.RequestSigner(
      {
        method,
        host,
        path: (path || "/") + (query === undefined ? "" : `?${query}`),
        headers: { ...named, Host: host },
        body: Buffer.from(body, "base64"),
        region,
        service,
        // What is sent is settled: nothing is added.
        doNotModifyHeaders: true,
      },
      { accessKeyId: key.id, secretAccessKey: key.secret, sessionToken: key.token },
    );
    signer.datetime = named["x-amz-date"];
    return signer.sign().headers.Authorization;
  },
  "@smithy/signature-v4": async ({ method, url, headers, body, region, service }) => {
    const [scheme, host, path, query] = split(url);
    const parameters = {};
    for (const pair of (query ?? "").split("&").filter(Boolean)) {
      const [name, value = ""] = pair.split("=").map(decodeURIComponent);
      parameters[name] = name in parameters ? [parameters[name], value].flat() : value;
    }
    const named = Object.fromEntries(headers);
    const signer = new SignatureV4({
      credentials: { accessKeyId: key.id, secretAccessKey: key.secret, sessionToken: key.token },
      region,
      service,
      sha256: Sha256,
      uriEscapePath: service !== "s3",
      applyChecksum: true,
    });
    const date = named["x-amz-date"].replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z");
    const signed = await signer.sign(
      {
        method,
        protocol: `${scheme}:`,
        hostname: host,
        path: path || "/",
        query: parameters,
        headers: { ...named, host },
        body: Buffer.from(body, "base64"),
      },
      { signingDate: new Date(date), signableHeaders: new Set(["host", ...Object.keys(named)]) },
    );
    return signed.headers.authorization;
  },
};

let same = 0;
const problems = [];
for (const request of requests) {
  const authorization = await libraries[library](request);
  if (authorization === request.authorization) same++;
  else problems.push({ authorization, request });
}
process.stdout.write(JSON.stringify({ same, problems: problems.slice(0, 3) }));
