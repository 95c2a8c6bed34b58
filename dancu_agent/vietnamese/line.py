"""What is said of the link, and by the doctor."""

from __future__ import annotations

WORDS: dict[str, str] = {
    # -- The link
    "run `dancu-agent doctor`; nothing is lost, the question is sent when it works": (
        "chạy `dancu-agent doctor`; không mất gì, câu hỏi sẽ được gửi khi đường truyền thông"
    ),
    "The name %(host)s was not found.": "Không tìm thấy tên máy %(host)s.",
    "check the address in agent.toml and this machine's DNS server": (
        "kiểm tra địa chỉ trong agent.toml và máy chủ DNS của máy này"
    ),
    "%(host)s refuses connections on port %(port)s.": ("%(host)s từ chối kết nối ở cổng %(port)s."),
    "the exchange is down, or a firewall refuses: ask the network's operator, then theirs": (
        "cổng trao đổi ngừng hoạt động, hoặc tường lửa chặn: hỏi quản trị mạng của cơ quan, rồi "
        "đơn vị vận hành cổng"
    ),
    "%(host)s does not answer on port %(port)s.": "%(host)s không trả lời ở cổng %(port)s.",
    "a firewall or a broken line swallows the packets: ask the network's operator": (
        "tường lửa chặn hoặc đường truyền đứt: hỏi quản trị mạng"
    ),
    "No connection to %(host)s: %(reason)s.": "Không kết nối được với %(host)s: %(reason)s.",
    "check this machine's network cable, address and route": (
        "kiểm tra cáp mạng, địa chỉ và định tuyến của máy này"
    ),
    "The proxy does not let the agent through: %(reason)s.": (
        "Máy chủ proxy không cho đi qua: %(reason)s."
    ),
    "ask the network's operator to allow %(host)s, or correct `proxy` in agent.toml": (
        "đề nghị quản trị mạng cho phép %(host)s, hoặc sửa `proxy` trong agent.toml"
    ),
    "The certificate of %(host)s is not accepted: %(reason)s.": (
        "Chứng thư số của %(host)s không được chấp nhận: %(reason)s."
    ),
    "check this machine's date; where the exchange has a certificate of its own authority, name "
    "that in `ca_file`; else somebody may be listening: tell the exchange's operator": (
        "kiểm tra ngày giờ của máy; nếu cổng trao đổi dùng tổ chức chứng thực riêng, nêu trong "
        "`ca_file`; nếu không, có thể có người nghe lén: báo đơn vị vận hành cổng"
    ),
    "No encrypted connection to %(host)s: %(reason)s.": (
        "Không lập được kết nối mã hóa với %(host)s: %(reason)s."
    ),
    "a proxy may cut into it, or a client certificate may be missing: ask the operator": (
        "có thể proxy chen vào giữa, hoặc thiếu chứng thư số máy khách: hỏi đơn vị vận hành"
    ),
    "The exchange did not answer within %(seconds)s seconds.": (
        "Cổng trao đổi không trả lời trong %(seconds)s giây."
    ),
    "The connection broke before the answer was there.": "Kết nối bị đứt trước khi có trả lời.",
    "Only a part of the answer arrived.": "Chỉ nhận được một phần trả lời.",
    "What answers at %(host)s does not speak as the exchange does.": (
        "Máy trả lời tại %(host)s không phải cổng trao đổi."
    ),
    "a proxy or a sign-in page may stand in between: ask the network's operator": (
        "có thể có proxy hoặc trang đăng nhập mạng ở giữa: hỏi quản trị mạng"
    ),
    # -- The exchange
    "The exchange does not take questions at the moment (%(status)d).": (
        "Cổng trao đổi hiện chưa nhận câu hỏi (%(status)d)."
    ),
    "wait; the agent asks again by itself": "hãy chờ; phần mềm tự hỏi lại",
    "The exchange gives this agency no token: %(reason)s.": (
        "Cổng trao đổi không cấp mã truy cập cho cơ quan này: %(reason)s."
    ),
    "register the public key (`dancu-agent keys show`) for the client %(client)s, and check its "
    "contract with the exchange's operator": (
        "đăng ký khóa công khai (`dancu-agent keys show`) cho hệ thống %(client)s, và kiểm tra "
        "thỏa thuận kết nối với đơn vị vận hành cổng"
    ),
    "The clause that refuses is %(clause)s.": "Điều khoản từ chối là %(clause)s.",
    "The contract does not allow more questions now: %(said)s": (
        "Thỏa thuận kết nối hiện không cho hỏi thêm: %(said)s"
    ),
    "wait; the agent asks again when the contract allows it, see `dancu-agent doctor`": (
        "hãy chờ; phần mềm tự hỏi lại khi thỏa thuận cho phép, xem `dancu-agent doctor`"
    ),
    "The exchange failed on this question (%(status)d).": (
        "Cổng trao đổi gặp lỗi với câu hỏi này (%(status)d)."
    ),
    "wait; if it lasts, tell the exchange's operator the number of the question": (
        "hãy chờ; nếu kéo dài, báo mã số câu hỏi cho đơn vị vận hành cổng"
    ),
    "The exchange does not accept the token it gave: %(said)s": (
        "Cổng trao đổi không chấp nhận mã truy cập đã cấp: %(said)s"
    ),
    "run `dancu-agent doctor`; if the credential is in order, tell the operator": (
        "chạy `dancu-agent doctor`; nếu thông tin xác thực vẫn đúng, báo đơn vị vận hành"
    ),
    "The signature of the answer does not hold.": "Chữ ký của trả lời không hợp lệ.",
    "It was thrown away: nobody could check it later.": (
        "Trả lời đã bị bỏ vì về sau không ai kiểm tra được."
    ),
    "tell the exchange's operator; the agent asks again by itself": (
        "báo đơn vị vận hành cổng; phần mềm tự hỏi lại"
    ),
    "The answer that came belongs to another question.": (
        "Trả lời nhận được thuộc về câu hỏi khác."
    ),
    "Its reference is not the one that was sent; it was thrown away.": (
        "Mã tham chiếu không phải mã đã gửi; trả lời đã bị bỏ."
    ),
    "a proxy may keep answers: ask the network's operator to let them through unkept": (
        "có thể proxy lưu lại trả lời: đề nghị quản trị mạng không lưu"
    ),
    "correct the question and ask it anew": "sửa câu hỏi rồi hỏi lại",
    # -- The doctor
    "good": "tốt",
    "doubtful": "cần xem",
    "BROKEN": "HỎNG",
    "not tried": "chưa thử",
    "From this machine to %(server)s:": "Từ máy này đến %(server)s:",
    "spool": "hàng đợi",
    "key": "khóa",
    "DNS": "DNS",
    "TCP": "TCP",
    "TLS": "TLS",
    "clock": "đồng hồ",
    "credential": "xác thực",
    "contract": "thỏa thuận",
    "quota": "hạn mức",
    "An earlier step is broken.": "Một bước trước đó bị hỏng.",
    "Nothing waits.": "Không có câu hỏi nào chờ.",
    "%(n)d questions wait, the oldest %(long)s.": "%(n)d câu hỏi đang chờ, lâu nhất %(long)s.",
    "Only %(mb)d MB are left on the disk of %(path)s.": "Ổ đĩa của %(path)s chỉ còn %(mb)d MB.",
    "make room: on a full disk no question is accepted": (
        "giải phóng ổ đĩa: khi đĩa đầy, không nhận được câu hỏi"
    ),
    "%(algorithm)s, %(kid)s": "%(algorithm)s, %(kid)s",
    "%(host)s is %(addresses)s.": "%(host)s là %(addresses)s.",
    "Port %(port)d answers.": "Cổng %(port)d trả lời.",
    "Not encrypted; the line does not leave this machine.": (
        "Không mã hóa; kết nối không ra khỏi máy này."
    ),
    "%(version)s; the certificate is valid for %(long)s.": (
        "%(version)s; chứng thư số còn hiệu lực %(long)s."
    ),
    "The certificate of the exchange ends in %(long)s.": (
        "Chứng thư số của cổng trao đổi hết hạn sau %(long)s."
    ),
    "tell the exchange's operator": "báo đơn vị vận hành cổng trao đổi",
    "The exchange does not say its time.": "Cổng trao đổi không cho biết giờ của mình.",
    "a proxy may remove the header Date: ask the network's operator": (
        "có thể proxy bỏ mất tiêu đề Date: hỏi quản trị mạng"
    ),
    "Right to two seconds.": "Đúng, lệch không quá hai giây.",
    "The clock is %(way)s that of the exchange, by %(long)s.": (
        "Đồng hồ %(way)s cổng trao đổi %(long)s."
    ),
    "faster than": "nhanh hơn",
    "slower than": "chậm hơn",
    "set the clock (NTP); until then the agent allows for it": (
        "chỉnh lại giờ (NTP); trong lúc đó phần mềm tự bù"
    ),
    "Above a minute the exchange refuses what other programs sign here.": (
        "Lệch quá một phút, cổng trao đổi từ chối chữ ký của các phần mềm khác trên máy này."
    ),
    "The exchange knows %(client)s.": "Cổng trao đổi nhận ra %(client)s.",
    "The exchange shows no contract: %(said)s": (
        "Cổng trao đổi không cho xem thỏa thuận: %(said)s"
    ),
    "ask the exchange's operator for the contract of %(client)s": (
        "hỏi đơn vị vận hành cổng về thỏa thuận của %(client)s"
    ),
    "The contract %(name)s is valid from %(begins)s to %(ends)s, not today.": (
        "Thỏa thuận %(name)s có hiệu lực từ %(begins)s đến %(ends)s, hôm nay không có hiệu lực."
    ),
    "have it renewed; what waits is kept until then": (
        "đề nghị gia hạn; câu hỏi đang chờ được giữ đến lúc đó"
    ),
    "The contract %(name)s does not allow the purpose %(purpose)s.": (
        "Thỏa thuận %(name)s không cho phép mục đích %(purpose)s."
    ),
    "set `purpose` in agent.toml to one of: %(purposes)s": (
        "đặt `purpose` trong agent.toml là một trong: %(purposes)s"
    ),
    "The contract %(name)s ends on %(ends)s.": "Thỏa thuận %(name)s hết hiệu lực ngày %(ends)s.",
    "have it renewed in time": "đề nghị gia hạn kịp thời",
    "%(name)s, for: %(purposes)s.": "%(name)s, mục đích: %(purposes)s.",
    "The exchange does not say how many questions are left.": (
        "Cổng trao đổi không cho biết còn hỏi được bao nhiêu."
    ),
    "No question is left today.": "Hôm nay đã hết hạn mức.",
    "wait until midnight in Vietnam; what waits is sent then by itself": (
        "chờ đến nửa đêm; câu hỏi đang chờ sẽ tự gửi"
    ),
    "%(left)d questions are left today; %(waiting)d wait here.": (
        "Hôm nay còn hỏi được %(left)d; ở đây đang chờ %(waiting)d."
    ),
    "what is too much today is sent tomorrow by itself": (
        "phần vượt hạn mức hôm nay sẽ tự gửi ngày mai"
    ),
}
