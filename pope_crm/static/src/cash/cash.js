import {Component, onMounted, onPatched, onWillStart, onWillUnmount, useRef, useState} from "@odoo/owl";
import {loadBundle} from "@web/core/assets";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatMonetary} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

const MORE = 3; // Months that an arrow moves by

export class CashPlan extends Component {
    static template = "pope_crm.CashPlan";
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvas = useRef("canvas");
        this.leadId = this.props.action.context.pope_cash_lead_id || false;
        this.state = useState({plan: null, detail: null, busy: false});
        this.env.config.setDisplayName(_t("Cash Plan"));
        onWillStart(async () => {
            await loadBundle("web.chartjs_lib");
            await this.load(false);
        });
        onMounted(() => this.draw());
        onPatched(() => this.draw());
        onWillUnmount(() => this.chart && this.chart.destroy());
    }

    async load(day) {
        this.state.plan = await this.orm.call("pope.cash.plan", "get_page", [this.leadId, day]);
        this.state.detail = null;
    }

    get heading() {
        return _t("Cash plan: %s", this.state.plan.title);
    }

    /* The first month, moved by some months, as a day of the server. */
    shifted(months) {
        const [year, month] = this.state.plan.months[0].date.split("-").map(Number);
        const moved = new Date(Date.UTC(year, month - 1 + months, 1));
        return moved.toISOString().slice(0, 10);
    }

    earlier() {
        return this.load(this.shifted(-MORE));
    }

    later() {
        return this.load(this.shifted(MORE));
    }

    show(amount) {
        return formatMonetary(amount, {currencyId: this.state.plan.currency_id, digits: [16, 0]});
    }

    exact(amount) {
        return formatMonetary(amount, {currencyId: this.state.plan.currency_id});
    }

    classes(index) {
        const month = this.state.plan.months[index];
        return {
            o_pope_cash_actual: month.state === "actual",
            o_pope_cash_unknown: month.state === "unknown",
            o_pope_cash_current: month.state === "current",
        };
    }

    stateName(state) {
        return {actual: _t("Actual"), current: _t("Under way"), forecast: _t("Forecast"), unknown: _t("Not told")}[
            state
        ];
    }

    explain(row, index) {
        this.state.detail = {
            title: `${row.name}, ${this.state.plan.months[index].label}`,
            parts: row.cells[index].parts,
        };
    }

    open(part) {
        const domain = part.ids ? [["id", "in", part.ids]] : part.domain;
        const single = part.ids && part.ids.length === 1;
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: part.label,
            res_model: part.model,
            views: single
                ? [[false, "form"]]
                : [
                      [false, "list"],
                      [false, "form"],
                  ],
            res_id: single ? part.ids[0] : false,
            domain,
        });
    }

    typed() {
        return this.action.doAction("pope_crm.pope_cash_forecast_action", {
            additionalContext: {
                default_lead_id: this.leadId,
                search_default_lead_id: this.leadId,
                search_default_of_pole: this.leadId ? 0 : 1,
            },
        });
    }

    async download() {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const args = [this.leadId, this.state.plan.months[0].date];
            await this.action.doAction(await this.orm.call("pope.cash.plan", "action_download", args));
        } finally {
            this.state.busy = false;
        }
    }

    draw() {
        if (this.chart) {
            this.chart.destroy();
        }
        const plan = this.state.plan;
        const color = (context) => (context.dataIndex === plan.minimum.index ? "#d9534f" : "#714b67");
        this.chart = new window.Chart(this.canvas.el, {
            type: "line",
            data: {
                labels: plan.months.map((month) => month.label),
                datasets: [
                    {
                        label: _t("Cash at the end of the month"),
                        data: plan.closing,
                        borderColor: "#714b67",
                        pointBackgroundColor: color,
                        pointBorderColor: color,
                        pointRadius: (context) => (context.dataIndex === plan.minimum.index ? 7 : 3),
                        segment: {
                            borderDash: (context) =>
                                ["forecast", "unknown"].includes(plan.months[context.p1DataIndex].state)
                                    ? [6, 4]
                                    : undefined,
                        },
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: {
                    legend: {display: false},
                    tooltip: {callbacks: {label: (item) => this.exact(item.parsed.y)}},
                },
                scales: {y: {ticks: {callback: (value) => this.show(value)}}},
            },
        });
    }
}

registry.category("actions").add("pope_crm.cash_plan", CashPlan);
