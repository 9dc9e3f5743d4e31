namespace SessionReplay.Pipeline.Tests.Sanitizing;

/// <summary>Names of fields, in every way that text gives a name a value.</summary>
public sealed class SecretNamesTests
{
    private const string Value = "Xk7mQ2vR9t";
    private const string Redacted = "[field]***";

    // Each puts a name before a value.
    private static readonly string[] Forms =
    [
        "{0}={1}", "a=b&{0}={1}&c=d", "https://x.example/?{0}={1}#top", "user[{0}]={1}", "user[0][{0}]={1}", "{0}[]={1}",
        "user%5B{0}%5D={1}", "r=%2Fx%3F{0}%3D{1}%26y", "r=%252Fx%253F{0}%253D{1}",
        "{0} = \"{1}\"", "{0}='{1}'", "{0}: {1}", "{0}: \"{1}\"", "login with {0}: {1}, then", "{{\"{0}\":\"{1}\"}}",
        "{{ \"a\": 1, \"{0}\" : \"{1}\" }}", "request {{\"{0}\":\"{1}\"}} failed",
        "{{\\\"{0}\\\":\\\"{1}\\\"}}", "{{\\\\\\\"{0}\\\\\\\":\\\\\\\"{1}\\\\\\\"}}", "{{'{0}': '{1}'}}", "q=%7B%22{0}%22%3A%22{1}%22%7D",
        "{{\"key\":\"{0}\",\"value\":\"{1}\"}}", "{{\"value\":\"{1}\",\"name\":\"{0}\"}}",
        "[{{\"field\":\"{0}\",\"op\":\"set\",\"value\":\"{1}\"}}]",
        "------b\r\nContent-Disposition: form-data; name=\"{0}\"\r\n\r\n{1}\r\n------b--\r\n",
        "------b\nContent-Disposition: form-data; name={0}\nContent-Type: text/plain\n\n{1}\n------b--",
        "<input name=\"{0}\" value=\"{1}\">", "<input value='{1}' class=\"a\" id='{0}'/>", "<{0}>{1}</{0}>", "<a:{0} x=\"y\">{1}</a:{0}>",
    ];

    public static TheoryData<string> Secrets =>
    [
        "password", "Password", "newPassword", "password_confirm", "password_confirmation", "passwordConfirmation", "user_password",
        "userpassword", "PASSWORD2", "password1", "passwd", "user.password",
        "pwd", "userPwd", "newpwd", "passphrase", "passcode", "pin", "user_pin", "pinCode", "authToken", "authtoken", "session_token",
        "reset_token", "resetToken", "csrf_token", "csrfToken", "csrfmiddlewaretoken",
        "__RequestVerificationToken", "access_token", "refreshToken", "id_token", "x-auth-token", "xsrfToken", "secret", "secret_key",
        "clientSecret", "client-secret", "SECRET_KEY_BASE", "apiKey", "api_key", "apikey",
        "X-Api-Key", "private_key", "accessKey", "aws_secret_access_key", "AccountKey", "SharedAccessKey", "encryption_key", "cvv", "cvv2",
        "cvc", "csc", "cardCvv", "securityCode", "security_code", "card-security-code",
        "cc-number", "ccNumber", "cc_csc", "creditCard", "credit_card_number", "creditcard", "cardNumber", "card_number", "card_no",
        "debitCard", "ssn", "socialSecurityNumber", "social_security_number",
        "otp", "otpCode", "one_time_code", "oneTimePassword", "verification_code", "authorizationCode", "recovery_code", "jwt",
        "JSESSIONID", "PHPSESSID", "sessionid", "user_pass", "db_pass", "kennwort", "neuesPasswort",
        "a_very_long_prefix_that_goes_on_and_on_and_on_until_it_ends_in_a_password",
    ];

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Text_SecretNameInAnyForm_ValueIsTakenOut(string name)
    {
        foreach (var form in Forms)
        {
            var (text, _) = SanitizerFixture.Text(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, name, Value));
            Assert.False(text.Contains(Value, StringComparison.Ordinal), $"left in: {text}");
            var expected = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, name, Redacted);
            Assert.Equal(expected, text.Replace("[header]**", Redacted, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Json_SecretName_ValueIsTakenOut(string name)
    {
        Assert.Equal(
            "{\"a\":{\"" + name + "\":\"" + Redacted + "\",\"n\":[1]}}",
            SanitizerFixture.Json("{\"a\":{\"" + name + "\":\"" + Value + "\",\"n\":[1]}}").Text);
        Assert.Equal($$"""{"{{name}}":0     }""", SanitizerFixture.Json($$"""{"{{name}}":483921}""").Text);
    }

    // Names that hold the same letters, or say something about a secret.
    [Theory]
    [InlineData("passenger")]
    [InlineData("compass")]
    [InlineData("bypass")]
    [InlineData("secretary")]
    [InlineData("tokenizer")]
    [InlineData("tokens")]
    [InlineData("max_tokens")]
    [InlineData("total_tokens")]
    [InlineData("token_type")]
    [InlineData("tokenType")]
    [InlineData("tokenExpiresAt")]
    [InlineData("pinned")]
    [InlineData("pinterest")]
    [InlineData("spinner")]
    [InlineData("pinColor")]
    [InlineData("shopping")]
    [InlineData("passwordLength")]
    [InlineData("password_strength")]
    [InlineData("passwordless")]
    [InlineData("hasPassword")]
    [InlineData("isPasswordVisible")]
    [InlineData("showPassword")]
    [InlineData("forgotPassword")]
    [InlineData("keyboard")]
    [InlineData("accesskey")]
    [InlineData("monkey")]
    [InlineData("key")]
    [InlineData("cardholder")]
    [InlineData("card")]
    [InlineData("discount_code")]
    [InlineData("zipCode")]
    [InlineData("countryCode")]
    [InlineData("creditCardType")]
    [InlineData("author")]
    [InlineData("authority")]
    [InlineData("cvs")]
    [InlineData("classname")]
    [InlineData("session")]
    [InlineData("dashboard")]
    [InlineData("notoptional")]
    [InlineData("adoption")]
    [InlineData("data-val-creditcard")]
    public void InnocentName_ValueIsLeft(string name)
    {
        foreach (var text in new[] { $"{name}={Value}", $"?{name}={Value}&b=c", $"{name}: {Value}", $$"""{"{{name}}":"{{Value}}"}""",
            $"<input name=\"{name}\" value=\"{Value}\">" })
        {
            Assert.Equal((text, string.Empty), SanitizerFixture.Text(text));
        }
    }

    [Theory]
    [InlineData("Your password: correct-h0rse and more", "Your password: [field]****** and more")]
    [InlineData("password: hunter2", "password: [field]")]
    [InlineData("password: sunshine", "password: [field]*")]
    [InlineData("password: x", "password: *")]
    [InlineData("Verification code: 839201", "Verification code: ******")]
    [InlineData("Your one-time code: 839201.", "Your one-time code: ******.")]
    [InlineData("user: ada, password: lovelace", "user: ada, password: [field]*")]
    public void Text_LabelledValue_IsTakenOut(string text, string expected) => Assert.Equal(expected, SanitizerFixture.Text(text).Text);

    [Theory]
    [InlineData("Password: must have at least 8 characters")]
    [InlineData("Password: required")]
    [InlineData("The token: a history of coins")]
    [InlineData(".password:hover{color:red}.token::before{content:'x'}#pin:focus,my-token:not(.a){b:c}")]
    [InlineData(".cookie:hover{color:#123456}.authorization:focus{margin:0 4px}")]
    [InlineData("cookie:hover{color:#123456}\nauthorization:not(.a){margin:12px}")]
    [InlineData("a{--token:1px;--password-color: #fff}")]
    [InlineData("password=true&token=null&pin=false")]
    public void Text_NoValueOfAName_IsLeft(string text) => Assert.Equal((text, string.Empty), SanitizerFixture.Text(text));

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nCookie: a=12; b=34\r\nHost: x", "GET / HTTP/1.1\r\nCookie: [header]**\r\nHost: x")]
    [InlineData("curl -H 'Cookie: a=12345678' x", "curl -H 'Cookie: [header]**' x")]
    [InlineData("X-Amz-Security-Token: FwoGZXIvYXdzEBYaD\nHost: x", "X-Amz-Security-Token: [header]*********\nHost: x")]
    [InlineData("Cookie: [header]***", "Cookie: [header]***")]
    public void Text_HeaderLine_IsTakenOut(string text, string expected) => Assert.Equal(expected, SanitizerFixture.Text(text).Text);
}
