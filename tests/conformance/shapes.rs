//! The shapes of tokens, two of each kind so that neighbours differ. All of them are made up.

// Some tests that include this table use only part of it.
#![allow(dead_code)]

/// A kind of token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) tokens: [&'static str; 2],
}

/// Tokens in headers, cookies and parameters.
pub(crate) const TOKENS: &[Shape] = &[
    Shape {
        name: "alphanumeric",
        tokens: ["ouAqU1Jx0efqvR2JC99O36AYnrP2e3PZ", "HQOTA7x3eGY3wZs9Gm35eQ11RYM3APlL"],
    },
    Shape {
        name: "base64",
        tokens: [
            "eGCcrWOq9FeFxxleRUz8+zVL2v/ajchQJq7JFQ==",
            "LaqQK/Yx1I/o1l1Q7iBs0V++5LpzWq4T9QNqSQ==",
        ],
    },
    Shape {
        name: "base64url",
        tokens: ["jYOZK92JP5RF-esD4MUppU_FFob0QjNU~HCu1", "Bkfab5AjDKB6-YQyj7PZpi_uTXOl4Ft2~kSsm"],
    },
    Shape {
        name: "hex",
        tokens: [
            "7a4ed16fe5783010e699dc79a76354f76e64dd41",
            "5eaeeffe4c120c8a5762135aa1275dd4b5be289f",
        ],
    },
    Shape {
        name: "uuid",
        tokens: ["17f18274-5037-4400-a466-9a54fd48b526", "c70dbd73-8614-415c-a14b-2af4ee98c98e"],
    },
    Shape {
        name: "pipe",
        tokens: [
            "61|p5ZtsJMD7xu8ihkPmBfmy66oW4siFtBJuWDp4Uyw",
            "49|zpmYd35BhKKzQdBFRWyOGcVf9GYmrWY1JcBniJtB",
        ],
    },
    Shape {
        name: "colon",
        tokens: ["WTCbx6DO:H6t6aA5p6xJn8briZkEBkRJj", "nT4IfiLi:N99KYZ7rpGuvpeRAWA3tv2o8"],
    },
    Shape { name: "short", tokens: ["ru6497", "qmn538"] },
    Shape {
        name: "json web token",
        tokens: [
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MzM2MjU5MSIsIm5hbWUiOiJJbHNlIEJyYW5kdCIsImlhdCI6MTc5MDMzMDEwNX0.Iz_mUcHLMCpsg5J5D00ldgLC-m5JR0byAYS3BsTOUd8",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI1NjkzMTkzMyIsIm5hbWUiOiJLb2ZpIE93dXN1IiwiaWF0IjoxNzk2OTA4ODI4fQ.VewmP6nfTRORuf3RpfQ4x70bKosYiIvosQKRHGZ8Ntc",
        ],
    },
];

/// Compact JWS and JWE, with every kind of header and parts.
pub(crate) const JOSE: &[Shape] = &[
    Shape {
        name: "hs256",
        tokens: [
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIzNTE1MzY3MCIsIm5hbWUiOiJJbHNlIEJyYW5kdCIsImlhdCI6MTc5NzYwMzgyNX0.WTsXnjC3Zcv2s19WnIOI4S_iVhsEQY1xDQcLSxShV4E",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI1NjYyNzA4NSIsIm5hbWUiOiJBZGEgTW9zcyIsImlhdCI6MTc5MDg1MTY5Nn0.HYnzNXuxR9dfGN-Kw705pQFP3iA3QpkrhcOP8OWmW2Y",
        ],
    },
    Shape {
        name: "rs256",
        tokens: [
            "eyJhbGciOiJSUzI1NiIsImtpZCI6ImVkYTMyZTk3IiwidHlwIjoiSldUIn0.eyJzdWIiOiI5NTIwOTQ5MSIsIm5hbWUiOiJNZWkgVGFuIiwiaWF0IjoxNzkwODczMzgyfQ.omGFBDK-TwWYL8hy2Rf2zskzcwLwDYRLIltdpUjrIam7MrABBU_q4w9-JnVjC7khU3nWEyw7y1SsxbghxuHS7AyjV8LFYjjzrqi_go6DDuqdtRejy1kJ6hldQvGI7TKVP1kre9w2p6Gy-03yJ4rBO7t9RQ_sE5bG8_vhX80l8Sg",
            "eyJhbGciOiJSUzI1NiIsImtpZCI6IjlkZTAyMWJmIiwidHlwIjoiSldUIn0.eyJzdWIiOiI0ODE3MTY0OCIsIm5hbWUiOiJLb2ZpIE93dXN1IiwiaWF0IjoxNzk2OTY4MDU0fQ.4Ku6zQI7Fe1FngiE_404wP91EFVYSu7XUm2eSd5kRn5MpEAODJBDUhWzVr8MNsQlOrkRy9dHUqC1ZrflFEkaHLXfwGlIDLp0ahHdcfnEX1GZ28Ln_P_Ajtl5aHS3C6PbRZLi04S9vc02ZnyQaQnY4Cd4AKL2zBCqljqFzUUZTNQ",
        ],
    },
    Shape {
        name: "es256, typ first",
        tokens: [
            "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMTYwOTQ3MyIsIm5hbWUiOiJBZGEgTW9zcyIsImlhdCI6MTc5MzAxMDY0MX0.1qo4-4YaMFlJJKliUHsHU8kMG17OviDAnn-dj-X9ySa-DcVdXyJ4__T1zFAdOER62LKv0_i85GIMyuLXObJojg",
            "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiI3NzM0NDEwNSIsIm5hbWUiOiJLb2ZpIE93dXN1IiwiaWF0IjoxNzk0ODg2Njc4fQ.dOtdQKUNWCT2TH8VJ5vS-OPSAfL85iL7F7q3URzOOMaEecHlx86tce75qCzY3_TIk_wC528StApKWnEN_H7bxA",
        ],
    },
    Shape {
        name: "header with line feeds",
        tokens: [
            "ewogICJhbGciOiAiSFMyNTYiLAogICJ0eXAiOiAiSldUIgp9.eyJzdWIiOiI3ODM5NjcyNCIsIm5hbWUiOiJNZWkgVGFuIiwiaWF0IjoxNzk1NTI5OTQ5fQ.MLo52U7LwR1SjlSESn872tizph7kZTMgjfGLKvR2L5g",
            "ewogICJhbGciOiAiSFMyNTYiLAogICJ0eXAiOiAiSldUIgp9.eyJzdWIiOiIyNjAzMTYxNCIsIm5hbWUiOiJJbHNlIEJyYW5kdCIsImlhdCI6MTc5MDg0NTAwOH0.b3C5Stpnf2rocNXZ5UfXMmIxhQOOPyHCZi9QH0D3fX4",
        ],
    },
    Shape {
        name: "header with carriage returns",
        tokens: [
            "ew0KICAiYWxnIjogIkhTMjU2Ig0KfQ.eyJzdWIiOiI4OTM0NTkzNyIsIm5hbWUiOiJJbHNlIEJyYW5kdCIsImlhdCI6MTc5OTI1OTY2MH0.nKqlH5aNoAJkFWR4gm8KfemSu8VIX9ulLUu9jx4GG1c",
            "ew0KICAiYWxnIjogIkhTMjU2Ig0KfQ.eyJzdWIiOiIyMTg2Mzk0MCIsIm5hbWUiOiJLb2ZpIE93dXN1IiwiaWF0IjoxNzk2Mjg2NDgxfQ.GtuM9kWuC2S8NmVCmYvrmSfh7TRuyte1GeFwzqY4DEk",
        ],
    },
    Shape {
        name: "header with blanks",
        tokens: [
            "eyAidHlwIjoiSldUIiwgImFsZyI6IkVkRFNBIiB9.eyJzdWIiOiI0MzgyNzk0NiIsIm5hbWUiOiJJbHNlIEJyYW5kdCIsImlhdCI6MTc5OTA4MDExN30.u8NjqaaoJU0qkLlBwT4o-EDOArRXIAc2iDZ3MxJfBypmDYK7n8HD_Z2jMSEovIciv0_lP3_1FQ5zWPzQMI5lUQ",
            "eyAidHlwIjoiSldUIiwgImFsZyI6IkVkRFNBIiB9.eyJzdWIiOiI3NjMwNjgxOSIsIm5hbWUiOiJBZGEgTW9zcyIsImlhdCI6MTc5NjM1NTk2OX0.j6cDuvpYzbSFwoIflKOZzbfJDPdyOKtRiZ47hD8W8iMdnBcKSQkK5zXPSTK0O_b7sdtA_NWkBA2iLcsXZjYbqw",
        ],
    },
    Shape {
        name: "header with a tab",
        tokens: [
            "ewkiYWxnIjoiUFMyNTYifQ.eyJzdWIiOiI4OTc1MjA5NCIsIm5hbWUiOiJBZGEgTW9zcyIsImlhdCI6MTc5MjM2MTY3M30.BovhvJd8ICIFRFoAwSr5XgkX1dSo-IQma0NWcBXvGvE",
            "ewkiYWxnIjoiUFMyNTYifQ.eyJzdWIiOiIxNTkwNzIwMiIsIm5hbWUiOiJLb2ZpIE93dXN1IiwiaWF0IjoxNzk1OTU4NTA5fQ._i5_T9osODYYgmrRPDI__f6-Dk0JeG2M-dLMBqM3flY",
        ],
    },
    Shape {
        name: "compressed payload",
        tokens: [
            "eyJhbGciOiJSUzI1NiIsInppcCI6IkRFRiJ9.q1YqLk1SslIyMzcxMDc1NFfSUcpLzE0Finjnp2Uq-JeXFpcCxTITS5SsDM0tDYzNDExNTWqr6aoNAA.4CJ40-jt1o4M2U_hIKZd7Wq_nIMkCtEPDGWcj2XCIhlV8sjBoQbWXJG3cWltDJMY4JqPfaiVwzrKGTL7Tj_1Rg",
            "eyJhbGciOiJSUzI1NiIsInppcCI6IkRFRiJ9.q1YqLk1SslIyMTI1NjUwMFXSUcpLzE0FivimZiqEJOYBBTITS5SsDM0tzc1NjIzMTGur6aQHAA.f_JpU8pfXtycp8PBxOLoFLjFxYVmHoEBL49WuY7Zpejys592RhfjUqHv5aKFphVkXSR2HiOBSdL-9e-mIPLBXQ",
        ],
    },
    Shape {
        name: "empty payload",
        tokens: [
            "eyJhbGciOiJIUzI1NiJ9..WBKaM4Wpco0d64T_XQ5El34x5ABRAhb-XS3a5PIvnac",
            "eyJhbGciOiJIUzI1NiJ9..see824QxZJnY9emlBKnfPE0jF-l2EzA-axq7IndFBHU",
        ],
    },
    Shape {
        name: "detached",
        tokens: [
            "eyJhbGciOiJFUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..P_wBvr7xNMQjAF5NzP4IyWuAkpe26ioSaS9vhS6K-mnqckMGZbrGZ4WOBcc1WTX0IAIgeJhOMUtgHRgYXUnMuA",
            "eyJhbGciOiJFUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..xjfAydw1sbVMrgoge2ZSW7qUmCVNHg8sJ8NTTPpeRPXrAilBrwHFLKe1OQrLrQi-q7iglQ5PM46HNBY90RWpsQ",
        ],
    },
    Shape {
        name: "encrypted",
        tokens: [
            "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.Jjk7PyypRaFkn709RyaiBRfP9c-JGTFx-S1TsnDYDK1YHYrJvfqcWxZjBfTJ2kBPHCgPpKAHVyyoPRXk17uQLQ.PEWYKkUIkkeCR7Ut.mjZCPZztQvYOgmXG5n2IzpQH6I_8sQZWb9RAb2-FFLcQw0TV1VKOuG9N-EBroqde.i-yI-LysJwJL2AyQmT0amg",
            "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.434-GowxjPuptBM8gvj-iEJkU0NrmqM--OKAPtiFguG6Kvt4B91qq9WqheBx8ksdjZbG9Nlt9LFjWAJ91lFJgQ.YIwHUoC7kDEL0E-z.1i0Z5F4xlIAUpIHEqZoGc4HZQd8szhsTOILGEUzUVI4tGZmJoU2uAbmASWaYa82Q.Z5m-Pqg5udmM8BNCdfJ__Q",
        ],
    },
    Shape {
        name: "encrypted directly",
        tokens: [
            "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0..jnaDzzePoAeZUTQPvX0fHw.iPanbHC9IBJpw7nq1ZvrDlO2uYElY3CNkUzCjhqckrotyCayRpx0zBdWTFrTR3l75ihPjyDr99d1jOZIAtwVtQ.rkWPbrNRmdUJNfnQP1VNsg",
            "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0..eIv_qfMjUDOC4vSBRqvPIg.BELw82qzkM12yUPNxqdTAQZf6OXccMrkj2ZPlEwbJC42TNQLWmwG96rlsvki0dFZ0JnT_vzhiTnS7GcNHoUCIg.ysDq9hwUGvCVlhnb2NTgGA",
        ],
    },
];
